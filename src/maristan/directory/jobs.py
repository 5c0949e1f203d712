"""Jobs of the app `directory`."""
