"""Read from the code: nothing reaches another association's data, since nothing but the store reaches data at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

import pytest

from duolangue.chassis.store.driver import indexes_of
from duolangue.provision.platform import PLATFORM
from tests.architecture.sources import MEMBERS, modules, tree

STORE = "duolangue.chassis.store."
CROSS_TENANT = STORE + "across"
READS_ACROSS = {
    "duolangue.chassis.outbox", "duolangue.chassis.due", "duolangue.chassis.republish",  # the relay, the sweeper, republication
    "duolangue.provision.apply", "duolangue.standalone.settling",  # indexes; whether the platform is at rest
    "duolangue.chassis.service",  # the list of associations that the platform's operators see
}  # fmt: skip
SETS_SERVERS_UP = {
    "duolangue.provision.apply",
    "duolangue.provision.initiate",
    "duolangue.provision.waiting",
    "duolangue.standalone.servers",
    "duolangue.standalone.backup",
}
CALLS_OF_THE_DRIVER = {
    "find_one", "find", "count_documents", "aggregate", "insert_one", "insert_many", "update_one", "update_many", "replace_one",
    "delete_one", "delete_many", "find_one_and_update", "find_one_and_replace", "find_one_and_delete", "distinct", "bulk_write", "watch",
}  # fmt: skip
OFFERED_BY_THE_SAME_NAME = {"find", "update_many"}
LEAVES_THE_COLLECTION = {
    "$lookup",
    "$unionWith",
    "$graphLookup",
    "$out",
    "$merge",
    "$where",
    "$function",
    "$accumulator",
}


def test_only_the_store_and_what_sets_servers_up_know_the_driver():
    knowing = {
        name for name, module in modules()
        if any(isinstance(node, ast.Import | ast.ImportFrom) and _names_driver(node) for node in ast.walk(module))
    }  # fmt: skip
    assert knowing <= SETS_SERVERS_UP | {STORE + "driver"}


def test_only_the_store_reaches_a_raw_collection():
    reaching = {
        f"{name}:{node.lineno} .{node.attr}"
        for name, module in modules()
        if not name.startswith(STORE) and name not in SETS_SERVERS_UP
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in {*CALLS_OF_THE_DRIVER, "raw", "_raw", "collection"} - OFFERED_BY_THE_SAME_NAME
    }
    assert reaching == set()


def test_only_named_modules_read_across_tenants():
    importing = set()
    for name, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and node.module == STORE.rstrip(".") and _imports(node, "across"):
                importing.add(name)
            if (
                isinstance(node, ast.ImportFrom)
                and node.module == CROSS_TENANT
                and not _imports(node, "Stored", only=True)
            ):
                importing.add(name)
    assert importing == READS_ACROSS


def test_every_call_of_the_bound_collections_begins_with_the_association():
    checked = 0
    for name in ("aggregates", "projections", "following"):
        module = tree(
            next(member for member in MEMBERS if member.name == "chassis") / f"duolangue/chassis/store/{name}.py"
        )
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in _driver_calls(function):
                    assert _bound(call, function), f"{name}.py:{call.lineno} leaves out the association"
                    checked += 1
    assert checked >= 10


def test_what_goes_to_the_database_together_bears_its_association():
    store = next(member for member in MEMBERS if member.name == "chassis") / "duolangue/chassis/store"
    calls = list(_driver_calls(tree(store / "passage.py")))
    named = [call for call in calls if ast.unparse(call.func).endswith((".find", ".find_one"))]
    assert len(named) == 2
    assert all("'association': self._association" in ast.unparse(call.args[0]) for call in named)
    given = 0
    for name in ("aggregates", "projections"):
        for function in ast.walk(tree(store / f"{name}.py")):
            if isinstance(function, ast.AsyncFunctionDef):
                for call in _calls(function, "self._passage.", but="document"):
                    assert _bound(call, function), f"{name}.py:{call.lineno} leaves out the association"
                    given += 1
    assert given == 3
    (change,) = (each for each in ast.walk(tree(store / "writing.py")) if _is(each, "change"))
    assert _spelled_out(ast.Name("where"), change).startswith("{**self._scope.scope(")


def test_every_call_of_a_bucket_of_files_names_them_with_their_association_first():
    module = tree(next(member for member in MEMBERS if member.name == "chassis") / "duolangue/chassis/store/files.py")
    checked = 0
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("self._bucket."):
                    assert _spelled_out(call.args[0], function).startswith("key(self._scope.association, ")
                    checked += 1
    assert checked == 3


def test_no_query_of_a_service_leaves_its_collection():
    found = {
        f"{name}:{node.lineno} {node.value}"
        for name, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and node.value in LEAVES_THE_COLLECTION
    }
    assert found == set()


@pytest.mark.parametrize("member", PLATFORM, ids=lambda member: member.name)
def test_every_index_a_service_declares_begins_with_the_association(member):
    for kind in member.declaration.kinds:
        for index in (each.document for each in indexes_of(kind)):
            if index["name"] not in {"outbox", "due", "forgotten"}:
                assert next(iter(index["key"])) == "association", f"{kind.name}.{index['name']}"
            else:
                assert not index.get("unique")


def _names_driver(node: ast.Import | ast.ImportFrom) -> bool:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(name.split(".")[0] in {"motor", "pymongo", "bson", "gridfs"} for name in names)


def _imports(node: ast.ImportFrom, wanted: str, *, only: bool = False) -> bool:
    names = {alias.name for alias in node.names}
    return names == {wanted} if only else wanted in names


def _driver_calls(function: ast.AST) -> Iterator[ast.Call]:
    return _calls(function, "self._raw.")


def _calls(function: ast.AST, begins: str, but: str = "-") -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and (called := ast.unparse(node.func)).startswith(begins)
            and not called.endswith(but)
        ):
            yield node


def _is(node: ast.AST, name: str) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _bound(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = _spelled_out(call.args[0], function)
    if ast.unparse(call.func).endswith("bulk_write"):
        return first == "writes" and "writes.append(Write(*self._writing.change(" in ast.unparse(function)
    if "'association': self._scope.association" in first:
        return True
    if ast.unparse(call.func).endswith(("insert_one", "insert_many", ".add")):
        return False
    beginnings = (
        "self._scope.scope(",
        "self._scope.query(",
        "{**self._scope.scope(",
        "[{'$match': self._scope.query(",
        "self._writing.change(",
    )
    return first.startswith(beginnings)


def _spelled_out(argument: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The argument's source, or that of the first of several; that of what was assigned to it where it is a name."""
    if isinstance(argument, ast.Starred):
        argument = argument.value
    if isinstance(argument, ast.Tuple):
        argument = argument.elts[0]
    if isinstance(argument, ast.Name):
        for node in ast.walk(function):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            if any(isinstance(each, ast.Name) and each.id == argument.id for each in targets) and node.value:
                return ast.unparse(node.value)
    return ast.unparse(argument)
