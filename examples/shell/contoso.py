#!/usr/bin/env python3
"""Writes the public data set contoso-10k in the layout of the shell: contoso.py FROM TO."""
import csv
import gzip
import os
import sys
from decimal import Decimal

source, target = sys.argv[1:]
os.makedirs(target, exist_ok=True)


def rows(name):
    with gzip.open(os.path.join(source, name), "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write(name, header, all_rows):
    path = os.path.join(target, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(all_rows)


def path(row, *columns):
    return "/".join(row[column].strip().replace("/", " ") for column in columns)


products = {row["ProductKey"]: row for row in rows("products.csv.gz")}
orders = list(rows("orders.csv.gz"))
write(
    "members.csv",
    ["customer_no", "gender", "birthday", "region"],
    (
        [r["CustomerKey"], r["Gender"], r["Birthday"], path(r, "Country", "State", "City")]
        for r in rows("members.csv.gz")
    ),
)
write(
    "orders.csv",
    ["order_no", "customer_no", "ordered_at", "store"],
    ([r["OrderKey"], r["CustomerKey"], r["Order Date"], r["StoreKey"]] for r in orders),
)
write(
    "stages.csv",
    ["order_no", "stage", "at"],
    ([r["OrderKey"], "DELIVERED", r["Delivery Date"]] for r in orders),
)
write(
    "lines.csv",
    ["order_no", "line_no", "category", "model", "brand", "quantity", "net_amount"],
    (
        [
            r["OrderKey"],
            r["Line Number"],
            path(products[r["ProductKey"]], "Category", "Subcategory"),
            r["ProductKey"],
            products[r["ProductKey"]]["Brand"],
            r["Quantity"],
            Decimal(r["Net Price"]) * int(r["Quantity"]),
        ]
        for r in rows("order_lines.csv.gz")
    ),
)
