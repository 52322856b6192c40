"""Where the program begins and ends."""

import gc
import os
import sys

from valuelog import __version__


def main() -> None:
    """Run valuelog on the command line's words."""
    os.umask(0o077)
    # A command is over in a moment: looking for garbage while it imports, and again in all of it at the very end, would
    # take it a tenth longer and find next to none.
    gc.set_threshold(100_000)
    code = 0 if sys.argv[1:] == ["--version"] and _print_version() else _run(sys.argv[1:])
    gc.freeze()
    sys.exit(_flush("stdout") or _flush("stderr") or code)


def _flush(name: str) -> int:
    """Flush a stream; return 1 if its disk is full. Python would do that only at the very end, and exit with 120."""
    stream = getattr(sys, name)
    try:
        if stream:
            stream.flush()
    except OSError as error:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  open until the end
        return 0 if isinstance(error, BrokenPipeError) else 1
    return 0


def _print_version() -> bool:
    """Print the version before anything is imported; return False if that fails, which the command line reports."""
    try:
        os.write(1, f"valuelog {__version__}\n".encode())  # unbuffered, so nothing is pending if it fails
    except OSError:
        return False
    return True


def _run(args: list[str]) -> int:
    from valuelog.cli import errors  # noqa: PLC0415  after the umask, and only to run
    from valuelog.cli.app import app  # noqa: PLC0415
    from valuelog.cli.world import create_world  # noqa: PLC0415

    world = create_world()
    return errors.run(world, lambda: app().main(args=args, prog_name="valuelog", standalone_mode=False, obj=world))


if __name__ == "__main__":
    main()
