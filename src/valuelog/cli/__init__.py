"""The command line: words in, words out. Alone knows Typer, questionary and the world outside."""
