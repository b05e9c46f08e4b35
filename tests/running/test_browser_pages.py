import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.browser


@pytest.mark.django_db
def test_tests_may_use_the_database_while_a_browser_runs(page):
    page.set_content("<h1>Open</h1>")

    assert page.locator("h1").count() == 1
    assert get_user_model().objects.count() == 0
