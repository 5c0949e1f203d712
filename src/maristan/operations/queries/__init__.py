"""What operations knows: of the build, the processes, the database and the files of the machine."""
