"""The tables of Padma Net, as an internet provider of that size might keep them."""

from typing import Final

NAME: Final = "padma-net"
"""What the desk calls this source on cards, certificates and in its settings."""
TABLES: Final = (
    "customers",
    "invoices",
    "payments",
    "connection_log",
    "server_access",
    "support_notes",
    "staff",
)
"""In the order in which the page shows them."""

SCHEMA: Final = """
CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    team TEXT NOT NULL
);
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    customer_no TEXT UNIQUE,
    name TEXT,
    email TEXT,
    phone TEXT,
    address TEXT,
    national_id TEXT,
    birth_date DATE,
    package TEXT NOT NULL,
    joined_on DATE NOT NULL
);
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    number TEXT NOT NULL UNIQUE,
    issued_on DATE NOT NULL,
    billed_to TEXT,
    address TEXT,
    amount_taka INTEGER NOT NULL,
    vat_taka INTEGER NOT NULL
);
CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    paid_on DATE NOT NULL,
    method TEXT NOT NULL,
    payer_phone TEXT,
    amount_taka INTEGER NOT NULL
);
CREATE TABLE connection_log (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    started_at DATETIME NOT NULL,
    ended_at DATETIME NOT NULL,
    ip_address TEXT NOT NULL,
    megabytes INTEGER NOT NULL
);
CREATE TABLE server_access (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    pppoe_user TEXT NOT NULL UNIQUE,
    ip_address TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    router TEXT NOT NULL
);
CREATE TABLE support_notes (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    written_at DATETIME NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX invoices_of ON invoices (customer_id);
CREATE INDEX payments_of ON payments (invoice_id);
CREATE INDEX connections_of ON connection_log (customer_id);
CREATE INDEX access_of ON server_access (customer_id);
CREATE INDEX notes_of ON support_notes (customer_id);
"""

WHOSE: Final = {
    "customers": "SELECT id, id FROM customers",
    "invoices": "SELECT id, customer_id FROM invoices",
    "payments": "SELECT payments.id, customer_id FROM payments "
    "JOIN invoices ON invoices.id = invoice_id",
    "connection_log": "SELECT id, customer_id FROM connection_log",
    "server_access": "SELECT id, customer_id FROM server_access",
    "support_notes": "SELECT id, customer_id FROM support_notes",
}
"""Key and customer of each row; staff are nobody's customers."""
