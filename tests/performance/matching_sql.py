"""Candidate generation as one would write it in SQL: DuckDB, the same rules and the same whole numbers."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from duolangue.contracts.vocabulary import Interest
from duolangue.matching.domain.policy import CriterionName, Policy
from duolangue.matching.engine import scores
from duolangue.matching.engine.certificate import allowed
from duolangue.matching.engine.pool import Pool

BEST = 64


def best_of_sample(pool: Pool, policy: Policy, sample: int) -> dict[str, Any]:
    """The best 64 of every so-many-th newcomer; its total is held against numpy's for some of them."""
    import duckdb
    import pandas as pd

    one, other = pool.newcomers, pool.volunteers
    number = min(sample, len(one))
    rows = np.linspace(0, len(one) - 1, number).astype(np.int64)
    worth = scores.worths(pool)

    def people(side: Any, **more: Any) -> Any:
        names = ("age", "gender", "place", "radius_km", "interests", "slots", "zones")
        columns = {name: getattr(side, name) for name in names}
        mass = scores.masses(side.interests, worth)
        return pd.DataFrame(
            {"id": np.arange(len(side)), "languages": side.languages[:, 0], "mass": mass, **columns, **more}
        )

    newcomers = people(
        one,
        level=pool.level,
        wished=pool.wished_gender,
        least=pool.least_age,
        most=pool.most_age,
        needs=pool.needs_language,
    ).iloc[rows]
    volunteers = people(other, comfort=pool.comfort, same=pool.same_gender)
    first, second = np.meshgrid(np.arange(len(pool.metres)), np.arange(len(pool.metres)), indexing="ij")
    between = pd.DataFrame({"one": first.ravel(), "other": second.ravel(), "metres": pool.metres.ravel()})
    forbidden = pd.DataFrame(
        {"n": np.repeat(np.arange(len(one)), np.diff(pool.apart_start)), "v": pool.apart.astype(np.int64)}
    )
    base = duckdb.connect()
    for name, frame in (("n", newcomers), ("v", volunteers), ("between", between), ("apart", forbidden)):
        base.register(f"{name}_frame", frame)
        base.execute(f"create table {name} as select * from {name}_frame")
    started = time.perf_counter()
    found = base.execute(_statement(policy, worth.tolist())).fetchnumpy()
    seconds = (time.perf_counter() - started) * len(one) / number
    for row in rows[:: max(1, number // 20)]:
        known = allowed(pool, policy, slice(int(row), int(row) + 1))[0]
        best = np.sort(known[(known >= 0) & (pool.capacity > 0)])[::-1][:BEST]
        if not np.array_equal(np.sort(found["score"][found["n"] == row])[::-1], best):
            raise RuntimeError("the statement finds other candidates")
    import resource

    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "value": [number],
    }


def _statement(policy: Policy, worth: list[int]) -> str:
    weight = {name: policy.weights.of(name) for name in CriterionName}
    shared = " + ".join(f"((b >> {number}) & 1)::bigint * {worth[number]}" for number in range(len(Interest)))
    levels = str(scores.LEVEL.tolist())
    return f"""
    with pairs as (
      select n.id as n, v.id as v, n.age as a, v.age as c, n.level - v.comfort as step, n.mass as m, v.mass as o,
             (n.interests & v.interests)::ubigint as b, bit_count((n.slots & v.slots)::bigint) as s,
             (n.languages & v.languages) != 0 as l, least((d.metres + 50) // 100, 4000) as t
      from n join between d on d.one = n.place and d.metres <= n.radius_km * 1000
             join v on v.place = d.other and d.metres <= v.radius_km * 1000 and v.comfort <= n.level
      where (n.zones & v.zones) != 0 and (n.wished = -1 or n.wished = v.gender) and v.age between n.least and n.most
        and (not v.same or (v.gender != -1 and v.gender = n.gender)) and (not n.needs or (n.languages & v.languages) != 0)
    ), scored as (
      select n, v, (
        {weight[CriterionName.AGE]} * case when a = -1 or c = -1 then 500000 else greatest(0, 1000000 - 25000 * abs(a - c)) end
        + {weight[CriterionName.INTERESTS]} * (1000000 * ({shared}) // greatest(1, least(m, o)))
        + {weight[CriterionName.LEVEL]} * ({levels})[step + 1]
        + {weight[CriterionName.DISTANCE]} * (200000000 // (200 + t))
        + {weight[CriterionName.AVAILABILITY]} * case s when 0 then 0 when 1 then 500000 when 2 then 800000 else 1000000 end
        + {weight[CriterionName.LANGUAGE]} * case when l then 1000000 else 0 end
      ) // {policy.weights.total} as score
      from pairs
    )
    select n, v, score from scored anti join apart using (n, v)
    where score >= {policy.minimum_score}
    qualify row_number() over (partition by n order by score desc, v) <= {BEST}
    """
