"""What guided words leave out, in each language that is known, and what they may well say."""

import pytest

from companion.library.pace import themes

SPANISH = {
    "falling": (
        "Déjese caer.",
        "Todo cae despacio.",
        "Usted se hunde en el sillón.",
        "Húndase un poco más.",
        "Una hoja va cayendo.",
        "Las hojas cayeron.",
        "Tras la caída, silencio.",
        "Se asoma al precipicio.",
        "Deje que caiga.",
    ),
    "drowning": ("Se ahoga.", "Ahóguese.", "Un calor que sofoca.", "Casi se asfixia."),
    "dying": (
        "Algo muere.",
        "El día murió.",
        "Va muriendo la luz.",
        "La muerte llega.",
        "Una hoja muerta.",
        "Junto a la tumba.",
    ),
    "locked doors": (
        "La puerta está cerrada con llave.",
        "Nadie está encerrado.",
        "Se siente atrapada.",
        "Como en una cárcel.",
    ),
    "parents": ("Su madre le espera.", "Los padres.", "Mamá canta.", "Papá ríe."),
    "religion": (
        "Dios está aquí.",
        "El alma descansa.",
        "Un ángel.",
        "Rece conmigo.",
        "Es sagrado.",
    ),
    "counting down": ("Contamos hacia atrás.", "Cuenta atrás.", "Tres, dos, uno."),
    "holding the breath": (
        "Contenga la respiración.",
        "Aguante el aire.",
        "Retenga el aliento.",
        "Quédese sin respirar.",
    ),
    "a cure": ("La música cura.", "Esto le sanará.", "Se sentirá mejor.", "Usted estará bien."),
    "commands": ("Debe relajarse.", "Tiene que soltar todo.", "Suéltese ya.", "Va a obedecer."),
}
MAY_BE_SAID = (
    "Su compadre y su comadre pasean de madrugada entre la madreselva.",
    "Con calma, la cabeza descansa en la almohada.",
    "El almacén guarda almendras para el almuerzo.",
    "Nada le obliga, y no tiene que soltar nada.",
    "No tiene que relajarse. No debe hacer nada.",
    "Puede cerrar los ojos. Con los ojos cerrados, la sala sigue aquí.",
    "La curva del camino, oscura y curiosa.",
    "Adiós a la prisa, y ahora, despacio.",
    "El muro del jardín, la moral y las moras moradas.",
    "Un atrapasueños se mueve con el aire.",
    "El calor pesa como plomo, y el cayado espera junto al camino.",
    "Puede tumbarse si quiere; quien se tumba, descansa.",
    "El aire entra y sale. Respire como le salga.",
    "La llave de agua gotea. El cielo se abre.",
    "Los rezagados llegan en un santiamén.",
    "Cuente con ello, y cuente las olas si le apetece.",
    "La papa y la mamila.",
    "Se siente bien estar aquí, y puede que mejor mañana.",
)


@pytest.mark.parametrize("theme", SPANISH)
def test_a_theme_is_seen_in_every_form_of_its_words(theme: str) -> None:
    for said in SPANISH[theme]:
        assert theme in dict(themes(said, "es")), said
        assert theme in dict(themes(said.upper(), "es-MX")), said


def test_words_that_only_look_alike_are_left_alone() -> None:
    for said in MAY_BE_SAID:
        assert list(themes(said, "es")) == [], said


def test_the_same_themes_are_known_in_every_language() -> None:
    english = {
        "falling": "falling",
        "drowning": "drowning",
        "dying": "dying",
        "locked doors": "locked",
        "parents": "mother",
        "religion": "heaven",
        "counting down": "counting down",
        "holding the breath": "hold your breath",
        "a cure": "healing",
        "commands": "you must relax",
    }
    assert english.keys() == SPANISH.keys()
    for theme, said in english.items():
        assert dict(themes(said, "en")) == {theme: said}
    assert list(themes("Die Mutter betet.", "de")) == []
