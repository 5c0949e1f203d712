"""What the requirements of the directory say beyond their labels, in every language."""

from maristan.kernel.messages import Sentence, sentence

DETAILS: dict[str, Sentence] = {
    "document_expired": sentence(en="It expired on {day}.", ur="اس کی میعاد {day} کو ختم ہوئی۔"),
}
