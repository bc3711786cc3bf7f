"""Whether the tablet is fit: the battery and the mains as the kernel tells of them."""

import asyncio
from pathlib import Path

import pytest

from companion import fitness
from companion.fitness import Fitness, Power, free, power

Supply = dict[str, str]

BATTERY: Supply = {"type": "Battery", "capacity": "84", "status": "Discharging"}
MAINS_ON: Supply = {"type": "Mains", "online": "1"}
MAINS_OFF: Supply = {"type": "Mains", "online": "0"}
USB_OFF: Supply = {"type": "USB", "online": "0"}
MOUSE: Supply = {"type": "Battery", "scope": "Device", "capacity": "3", "status": "Discharging"}


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ([], Power(None, True)),
        ([MAINS_ON], Power(None, True)),
        ([BATTERY, MAINS_ON], Power(84, True)),
        ([BATTERY, MAINS_OFF], Power(84, False)),
        ([BATTERY], Power(84, False)),
        ([{**BATTERY, "status": "Charging"}], Power(84, True)),
        ([{**BATTERY, "status": "Full"}, USB_OFF], Power(84, False)),
        ([BATTERY, {**BATTERY, "capacity": "61"}], Power(61, False)),
        ([MOUSE], Power(None, True)),
        ([MOUSE, USB_OFF], Power(None, True)),
        ([{"type": "Battery", "capacity": "", "status": "Discharging"}], Power(None, False)),
    ],
)
def test_power(tmp_path: Path, supplies: list[Supply], expected: Power) -> None:
    for index, supply in enumerate(supplies):
        folder = tmp_path / f"supply{index}"
        folder.mkdir()
        for name, value in supply.items():
            (folder / name).write_text(value + "\n")
    assert power(tmp_path) == expected


def test_a_tablet_without_that_folder_is_on_mains(tmp_path: Path) -> None:
    assert power(tmp_path / "nothing") == Power(None, True)


@pytest.mark.parametrize(
    ("percent", "on_mains", "low"),
    [(49, False, True), (50, False, False), (5, True, False), (None, False, False)],
)
def test_only_a_battery_without_mains_is_low(
    percent: int | None, on_mains: bool, low: bool
) -> None:
    assert Power(percent, on_mains).low is low


async def test_how_it_is_fed_is_told_at_once_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = iter([31, 29, 4])
    monkeypatch.setattr(fitness, "power", lambda: Power(next(levels), False))
    told: list[Power] = []

    def tell(power: Power) -> None:
        told.append(power)
        if len(told) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await fitness.watch(tell, every=0.0)
    assert [power.percent for power in told] == [31, 29, 4]


def test_the_disk(tmp_path: Path) -> None:
    assert free(tmp_path) > 0
    assert free(tmp_path / "nothing") == 0
    assert Fitness(Power(None, True), 100 * 2**20, None, True).disk_low
    assert not Fitness(Power(None, True), 300 * 2**20, None, True).disk_low
