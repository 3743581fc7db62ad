"""Tests that need a browser; a package so that its conftest stands beside the other one."""
