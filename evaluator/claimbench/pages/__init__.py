"""Self-contained HTML pages: a report, a comparison, the corpus. They work offline."""

from __future__ import annotations

from claimbench.pages.browsing import corpus_page
from claimbench.pages.comparison import Side, comparison_page
from claimbench.pages.kept import kept_page
from claimbench.pages.reporting import Section, report_page

__all__ = ["Section", "Side", "comparison_page", "corpus_page", "kept_page", "report_page"]
