"""What the requirements of assessment say beyond their labels, in every language."""

from maristan.kernel.messages import Sentence, sentence

DETAILS: dict[str, Sentence] = {
    "place_free": sentence(en="Taken by {label}.", ur="{label} کے لیے مختص ہے۔"),
    "candidate_clash": sentence(
        en="{count:candidate|candidates}, {first} first.", ur="{count:امیدوار|امیدوار}، پہلے {first}۔"
    ),
    "all_results_frozen": sentence(
        en="{count:result is|results are} not frozen.", ur="{count:نتیجہ|نتائج} ابھی حتمی نہیں۔"
    ),
    "marks_exceed_new_maximum": sentence(en="{name} has {marks}.", ur="{name} کے نمبر {marks} ہیں۔"),
    "marks_below_new_minimum": sentence(en="{name} has {marks}.", ur="{name} کے نمبر {marks} ہیں۔"),
}
