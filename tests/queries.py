"""Asks the SQL of pages of the guide of results below the current folder, by DuckDB: each block gives rows, or writes a file.

python tests/queries.py PAGE...
"""

import re
import sys

import duckdb

for page in sys.argv[1:]:
    blocks = re.findall(r"```sql\n(.*?)```", open(page).read(), re.DOTALL)
    assert blocks, f"{page} has no SQL"
    for block in blocks:
        answer = duckdb.sql(block)
        rows = 0 if answer is None else len(answer)
        assert rows or "COPY (" in block, f"no rows: {block}"
        print(block.split("\n")[0], f"{rows} rows" if rows else "a file")
