import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.browser


@pytest.mark.django_db
def test_tests_may_use_the_database_while_a_browser_runs(page, running_playground):
    playground = running_playground.start()

    page.goto(playground.url)

    assert page.locator("h1").count() == 1
    assert get_user_model().objects.count() == 0
