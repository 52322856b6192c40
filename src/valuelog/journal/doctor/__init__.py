"""Doctor: examines a journal, repairs what can be derived or proved, and salvages what can be read."""
