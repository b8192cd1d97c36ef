"""A studio of the interview, asked as a page asks it but without a network."""

import pytest

from studio_page import OPTIONS, Page


@pytest.fixture
def open_page():
    pages = []

    def opened(source, options=OPTIONS):
        pages.append(Page(source, options))
        return pages[-1]

    yield opened
    for page in pages:
        page.studio.close()


@pytest.fixture
def page(interview, open_page):
    return open_page(interview)
