"""Tests of foreign formats; a package, so that its conftest hides no other."""
