"""The photographs of the default gallery: taken out of Debian packages, each with its credit."""
