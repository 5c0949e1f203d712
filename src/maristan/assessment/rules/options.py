"""Settings of the institution that assessment reads."""

from maristan.kernel.options import Option

OPTIONS = (
    Option("assessment.verifier_must_differ", "bool", True, "A result is verified by somebody who entered none of it."),
    Option(
        "assessment.marks_due_days", "int", 7, "Days after an exam in which its marks are to be entered.",
        minimum=0, maximum=90,
    ),
)  # fmt: skip
