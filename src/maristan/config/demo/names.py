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


# By place in every sixty: one-word names, apostrophes, Arabic, names of many parts.
OTHERS = {
    4: "Shahzeb", 9: "Sara O'Brien", 13: "عبد الرحمن بن خالد", 18: "Marium D'Souza", 22: "گل مینا",
    27: "Noor-ul-Huda Ta'ib", 33: "Zarghuna", 41: "مُحَمَّد عُمَر الفاروقي", 47: "Ali Raza Khan Niazi Sherwani",
    53: "Nic’ola Peter", 58: "آمنہ",
}  # fmt: skip


def student(number: int) -> str:
    """The name of the n-th student; neighbours never share both parts."""
    if number % 60 in OTHERS:
        return OTHERS[number % 60]
    return f"{GIVEN[number * 7 % len(GIVEN)]} {FAMILY[number * 5 % len(FAMILY)]}"
