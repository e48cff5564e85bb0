"""Packaging: what goes into the wheel and what it needs. Ranges here; exact versions are in the lock files."""

from __future__ import annotations

from pathlib import Path

from setuptools import find_packages, setup

ROOMS = ("rules", "db", "daemon", "mail_templates")
POSTGRES = ["psycopg[binary]>=3.2.2,<4"]
DEMO = ["pymap>=0.36.7,<0.37", "pysasl>=1.2,<2", "proxy-protocol>=0.11.3,<0.12", "aiosmtpd>=1.4.6,<2"]
TRAINING = ["scikit-learn>=1.5,<2", "numpy>=1.26,<3", "scipy>=1.11,<2"]
"""Makes the statistical votes anew (scripts/train_vote.py); no installation needs it."""
WEB = ["starlette>=0.41,<2", "uvicorn>=0.32,<1"]
SIGNATURES = ["asn1crypto>=1.5.1,<2", "pyhanko>=0.34,<1", "pyhanko-certvalidator>=0.30,<1"]
TEST = [
    *SIGNATURES,
    *POSTGRES,
    *DEMO,
    *WEB,
    "pytest>=8.3,<10",
    "pytest-timeout>=2.3.1,<3",
    "pytest-xdist>=3.6,<4",
    "hypothesis>=6.136,<7",
    "packaging>=24",
    "cryptography>=43.0.3",
    "viparse>=0.1.31,<0.2",
    "fpdf2>=2.8.1,<3",
    "pypdf>=7,<8",
    "vobject>=0.9.8,<2",
    "html5lib>=1.1,<2",
    "playwright>=1.49,<2",
    "axe-playwright-python>=0.1.4,<1",
]

setup(
    name="doithoai",
    version="0.3.0",
    description="Back office of a city's dialogue with its people, run from one official mailbox",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    license_files=["LICENSE"],
    python_requires=">=3.11,<3.14",
    packages=find_packages(include=[name for room in ROOMS for name in (room, f"{room}.*")]),
    package_data={room: ["**/*"] for room in ROOMS},
    exclude_package_data={"": ["*.pyc", "__pycache__/*"]},
    install_requires=[
        "imapclient>=3.0.1,<5",
        "mail-parser>=4.8,<5",
        "SQLAlchemy>=2.0.31,<2.2",
        "alembic>=1.13,<2",
        "jinja2>=3.1.5,<4",
        "aiosmtplib>=5.1,<6",
        "schedule>=1.2.2,<2",
        "prometheus-client>=0.20,<1",
        "pydantic>=2.8,<3",
        "holidays>=0.75",
        "icalendar>=6,<8",
        "phonenumbers>=8.13",
        "authres>=1.2,<2",
        "pypdfium2>=5,<6",
        "python-docx>=1.1.2,<2",
        "docxtpl>=0.20,<0.21",
        "openpyxl>=3.1.5,<4",
        "tnefparse>=1.4,<2",
        "typst>=0.15,<0.16",
        "lxml>=5.4,<7",
        "XlsxWriter>=3.2,<4",
        "markupsafe>=3,<4",
        "tzdata>=2024.1",
    ],
    extras_require={
        "postgres": POSTGRES,
        "demo": DEMO,
        "web": WEB,
        "signatures": SIGNATURES,
        "training": TRAINING,
        "test": TEST,
        "dev": [
            *TEST,
            "mypy>=1.13,<3",
            "ruff>=0.8,<1",
            "import-linter>=2.1,<3",
            "grimp>=3.5,<4",
            "vulture>=2.13,<3",
            "coverage>=7.6,<8",
            "pytest-cov>=6,<8",
            "pytest-random-order>=1.1,<2",
            *TRAINING,
            "setuptools>=77",
            "pillow>=11",
        ],
    },
    entry_points={"console_scripts": ["doithoai = daemon.cli:main"]},
)
