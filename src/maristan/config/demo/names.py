"""Invented names for invented people."""

GIVEN = (
    "Ayesha", "Bilal", "Hina", "Usman", "Sana", "Hamza", "Maryam", "Fahad", "Zainab", "Omar", "Noor", "Saad", "Iqra",
    "Talha", "Mahnoor", "Hassan", "Rabia", "Ahmed", "Khadija", "Danish", "Fatima", "Junaid", "Laiba", "Kashif",
    "Amna", "Faizan", "Sidra", "Rehan", "Hafsa", "Waleed", "علی", "زینب", "فاطمہ", "احمد",
)  # fmt: skip
FAMILY = (
    "Qureshi", "Bhatti", "Shah", "Cheema", "Malik", "Yousaf", "Abbasi", "Rana", "Gill", "Sheikh", "Butt", "Mirza",
    "Siddiqui", "Chaudhry", "Baig", "Durrani", "Khattak", "Lodhi", "Memon", "Niazi", "Raza", "Tariq",
)  # fmt: skip
TEACHERS = (
    ("Prof. Saadia Rehman", "Anatomy"), ("Dr Imran Qazi", "Anatomy"), ("Prof. Kamran Aziz", "Physiology"),
    ("Dr Nadia Farooq", "Physiology"), ("Prof. Tahira Bano", "Biochemistry"), ("Dr Asif Mehmood", "Biochemistry"),
    ("Dr Shazia Iqbal", "Pathology"), ("Dr Yasir Khan", "Pathology"), ("Dr Lubna Aslam", "Community Medicine"),
    ("Dr Pervaiz Akhtar", "Behavioural Sciences"),
)  # fmt: skip
OFFICE = {
    "admin": "Farrukh Saleem",
    "registrar": "Nasreen Akbar",
    "coordinator": "Alina Haider",
    "department_head": "Prof. Bashir Ahmad",
    "office_assistant": "Gul Zaman",
    "exam_cell": "Rukhsana Parveen",
    "finance": "Mohsin Javed",
    "auditor": "Tanveer Hussain",
}


def student(number: int) -> str:
    """The name of the n-th student; neighbours never share both parts."""
    return f"{GIVEN[number * 7 % len(GIVEN)]} {FAMILY[number * 5 % len(FAMILY)]}"
