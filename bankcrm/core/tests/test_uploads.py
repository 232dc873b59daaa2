"""Receiving files."""

from bankcrm.core.uploads import CappedUploadHandler


def test_no_more_than_the_cap_reaches_the_disk_and_the_size_is_the_true_one(settings):
    settings.UPLOAD_CAP = 10
    handler = CappedUploadHandler()
    handler.new_file("content", "x.pdf", "application/pdf", None)
    for start in range(0, 18, 6):
        handler.receive_data_chunk(b"abcdef", start)
    received = handler.file_complete(18)
    with received:
        assert received.size == 18 and received.read() == b"abcdefabcd"
