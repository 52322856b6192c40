"""The numbers: tallies in, values out. Pure; knows no clock, no journal, no terminal."""
