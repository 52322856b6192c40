"""The rituals, where journal, analysis and questions meet: the evening, the Friday, where one stands."""
