"""Uploads that were made to hurt: each gets a sentence, and none makes rows."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from playground.models import RowChunk
from tests.hostile.row_bombs import LIGHT


@pytest.mark.parametrize("bomb", LIGHT, ids=lambda bomb: bomb.name)
def test_an_upload_that_hurts_is_refused_with_a_sentence(client, things, bomb):
    file = SimpleUploadedFile(bomb.file, bomb.make())
    address = f"/workflows/{things['workflow_uid']}/row-sets/"

    made = client.post(address, {"file": file, **bomb.fields})

    assert made.status_code == 303
    told = client.get(made["Location"] + "state.json").json()
    assert (told["state"], told["rows"]) == ("failed", 0), told["sentence"]
    assert bomb.says in told["sentence"]
    assert told["sentence"].endswith(".")
    assert client.get(made["Location"]).status_code == 200
    number = made["Location"].strip("/").rpartition("/")[2]
    assert not RowChunk.objects.filter(row_set=number).exists()
