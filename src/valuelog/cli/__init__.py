"""The command line: words in, words out. The only package that knows Typer, questionary and the outside world."""
