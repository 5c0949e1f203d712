"""`python -m maristan` is the command line."""

from maristan.config.cli import main

if __name__ == "__main__":
    main()
