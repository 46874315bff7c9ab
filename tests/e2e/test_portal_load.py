"""Many visitors at once: nobody waits for a connection that somebody else holds while waiting for another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.support.system import System, Visitor

AT_ONCE = 40
CUSTOMERS = [f"{name}@poczta.example" for name in ("kazimierz.jez", "helena.mroz", "lucja.wrona", "bogdan.sliwa")]


def test_forty_customers_look_write_and_sign_out_at_once(system: System) -> None:
    def use(number: int) -> list[int]:
        visitor: Visitor = system.signed_in(CUSTOMERS[number % len(CUSTOMERS)])
        ticket = {"rodzaj": "query", "temat": f"Pytanie {number}", "tresc-zgloszenia": "Proszę o odpowiedź."}
        return [
            visitor.get("/pulpit").status_code,
            visitor.get("/faktury?niezaplacone=tak").status_code,
            visitor.post("/zgloszenia/nowe", data=ticket).status_code,
            visitor.post("/wyloguj").status_code,
        ]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(use, range(AT_ONCE)))
    assert found == [[200, 200, 200, 200]] * AT_ONCE
    assert len(system.tables()["portal_sessions"]) == AT_ONCE
    assert "failed" not in system.log()
