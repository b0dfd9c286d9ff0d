"""Who is told what, when and how. See README.md."""
