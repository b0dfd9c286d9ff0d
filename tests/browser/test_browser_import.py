"""An import as a coordinator sees it: a file is chosen, its faults stand in their place, the good rows come in; without any script, too."""

from __future__ import annotations

from tests.browser.looking import PHONE, WIDE, Eyes, look_at, looking

MIXED = """profil;prénom;nom;e-mail;année de naissance;code postal;niveau de français;accord
nouvel arrivant;Selam;Tesfay;selam@example.org;1991;4000;A1;oui
bénévole;Paul;Petit;paul@;1980;9999;;oui
bénévole;محمد;العلي;m@example.org;1975;4020;;non
"""
FOREIGN = "Wer;Rufname;Adresse;Jahr;PLZ;Einverstanden\nvolunteer;Anne;anne@example.org;1980;4000;yes\n"
EYES = (Eyes(PHONE), Eyes(WIDE, dark=True))


def chosen(body: str) -> dict[str, object]:
    return {"name": "liste-automne.csv", "mimeType": "text/csv", "buffer": body.encode()}


async def test_a_list_with_faults_is_looked_at_and_its_good_rows_imported(browser, whole, north):
    async with looking(
        browser, str(whole.client.base_url), EYES[0], whole.desk(north, coordinator=north.ids["coordinator"])
    ) as page:
        await page.goto("/people/import")
        await page.set_input_files("#file", chosen(MIXED))
        await page.click("form[enctype] button")
        await page.wait_for_selector("mark")
        await look_at(page, "import-faults", *EYES)
        await page.click("form[action$='/start'] button")
        await page.wait_for_selector("form[action$='/take-back']", state="attached")
        await look_at(page, "import-done", *EYES)


async def test_unknown_columns_are_matched_by_hand(browser, whole, north):
    async with looking(
        browser, str(whole.client.base_url), EYES[0], whole.desk(north, coordinator=north.ids["coordinator"])
    ) as page:
        await page.goto("/people/import")
        await page.set_input_files("#file", chosen(FOREIGN))
        await page.click("form[enctype] button")
        await page.wait_for_selector("select#c0")
        await look_at(page, "import-columns", *EYES)
        await page.click("form[action$='/discard'] button")
        await page.wait_for_selector("#file")
