"""playwright's ``expect``; tests that need it do not start without the fixture that skips them."""

from __future__ import annotations

try:
    from playwright.sync_api import expect
except ImportError:  # the fixture "chromium" says so, and skips or fails
    expect = None

__all__ = ["expect"]
