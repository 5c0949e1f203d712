"""Settings of the institution that academics reads."""

from maristan.kernel.options import Option

OPTIONS = (
    Option(
        "default_academic_year_id", "int", None, "The period that screens and generation preselect.",
        minimum=1, maximum=2**62, nullable=True,
    ),
    Option("academics.student_email_domain", "text", "", "Domain of addresses proposed by the import.", maximum=120),
    Option("academics.date_order", "choice", "dmy", "Order of dates in imported files.", choices=("dmy", "mdy")),
)  # fmt: skip
