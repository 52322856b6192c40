"""The program, with more patience for the network in commands that sync on their own: a busy machine is no failure."""

from valuelog.__main__ import main
from valuelog.cli import sync

if __name__ == "__main__":
    sync.NETWORK_SECONDS = 60
    main()
