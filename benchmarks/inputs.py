"""Makes the inputs of the benchmarks: the same bytes for the same size, on any machine.

Records look like those people have: orders with nested lists, events of a seismic feed with many fields of
which few are read, rows of a film table whose keys have spaces and whose values are often missing.
"""

import json
import random
from pathlib import Path

CITIES = ["Oslo", "Paris", "Lima", "Zürich", "札幌"]
NAMES = ["Dana", "Ilya", "Zoë", "Mario", "李雷", "Ana", "O'Neil", "Søren"]
NETWORKS = ["ak", "ci", "hv", "nc", "nn", "pr", "us", "uw"]
REGIONS = ["Castaic, CA", "Amboy, Washington", "Anchorage, Alaska", "Volcano, Hawaii", "Ridgecrest, CA"]
STUDIOS = ["Gramercy", "Strand", "Lionsgate", None]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def order(number, rnd):
    items = [
        {"sku": f"SKU-{rnd.randrange(10_000):04}", "qty": rnd.randrange(10),
         "price": rnd.randrange(50, 30_000) / 100, "tags": rnd.sample("abcd", rnd.randrange(4))}
        for _ in range(rnd.randint(1, 12))
    ]
    return {
        "id": number,
        "customer": {
            "id": rnd.randint(1, 5000), "name": rnd.choice(NAMES), "tier": rnd.choice(["gold", "silver", "basic"]),
            "address": {"street": f"{rnd.randint(1, 999)} Main St", "city": rnd.choice(CITIES),
                        "zip": f"{rnd.randrange(100_000):05}"},
        },
        "items": items,
        "currency": "EUR",
        "note": None if rnd.random() < 0.5 else f'line "{number}"\nnext',
        "placed": f"2026-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}T12:00:00Z",
    }


def quake(number, rnd):
    net, code = rnd.choice(NETWORKS), str(37_000_000 + number)
    # Four decimals whose last is odd: no value lies halfway between two roundings.
    depth = (rnd.randrange(700_000) * 2 + 1) / 10_000
    mag = None if rnd.random() < 0.01 else rnd.randrange(-10, 70) / 10
    place = f"{rnd.randint(1, 90)}km N of {rnd.choice(REGIONS)}"
    return {
        "type": "Feature",
        "properties": {
            "mag": mag, "place": place, "time": 1_517_966_773_840 + number, "updated": 1_517_966_996_303 + number,
            "tz": -480, "url": f"https://quakes.example/eventpage/{net}{code}",
            "detail": f"https://quakes.example/feed/v1.0/detail/{net}{code}.geojson",
            "felt": rnd.choice([None, None, rnd.randrange(500)]), "cdi": None, "mmi": None, "alert": None,
            "status": "automatic", "tsunami": 0, "sig": rnd.randrange(1000), "net": net, "code": code,
            "ids": f",{net}{code},", "sources": f",{net},", "types": ",geoserve,nearby-cities,origin,phase-data,",
            "nst": rnd.randrange(80), "dmin": rnd.randrange(100_000) / 100_000, "rms": rnd.randrange(100) / 100,
            "gap": rnd.randrange(360), "magType": "ml", "type": "earthquake", "title": f"M {mag} - {place}",
        },
        "geometry": {"type": "Point", "coordinates": [rnd.randrange(-1_800_000, 1_800_000) / 10_000,
                                                      rnd.randrange(-900_000, 900_000) / 10_000, depth]},
        "id": net + code,
    }


def movie(number, rnd):
    def maybe(value):
        return None if rnd.random() < 0.3 else value

    title = f"The {rnd.choice(NAMES)} of {rnd.choice(CITIES)} {number}"
    return {
        "Title": maybe(title), "US Gross": rnd.randrange(10**8), "Worldwide Gross": maybe(rnd.randrange(10**9)),
        "US DVD Sales": None, "Production Budget": maybe(rnd.randrange(1, 2 * 10**8)),
        "Release Date": f"Jun {rnd.randint(1, 28):02} {rnd.randint(1950, 2020)}", "MPAA Rating": maybe("R"),
        "Running Time min": maybe(rnd.randint(60, 200)), "Distributor": rnd.choice(STUDIOS), "Source": None,
        "Major Genre": maybe("Drama"), "Creative Type": None, "Director": maybe("Søren Ana"),
        "Rotten Tomatoes Rating": maybe(rnd.randrange(100)), "IMDB Rating": maybe(rnd.randrange(10, 100) / 10),
        "IMDB Votes": maybe(rnd.randrange(10**6)),
    }


def write_lines(path, make, size):
    rnd = random.Random(path.name)
    written = number = 0
    with open(path, "wb") as file:
        while written < size:
            written += file.write((compact(make(number, rnd)) + "\n").encode())
            number += 1


def write_document(path, make, size):
    rnd = random.Random(path.name)
    head = '{"type":"FeatureCollection","metadata":{"title":"all events","status":200},"features":['
    with open(path, "wb") as file:
        written = file.write(head.encode())
        number = 0
        while written < size:
            comma = "," if number else ""
            written += file.write((comma + compact(make(number, rnd))).encode())
            number += 1
        file.write(b'],"bbox":[-180,-90,0,180,90,140]}\n')


def provide(folder, megabytes):
    """Makes the files that are not in `folder` yet; those that are there are taken as they are."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    size = megabytes * 1_000_000
    makers = {
        "orders.ndjson": lambda path: write_lines(path, order, size),
        "quakes.ndjson": lambda path: write_lines(path, quake, size),
        "movies.ndjson": lambda path: write_lines(path, movie, size),
        "quakes_big.json": lambda path: write_document(path, quake, size // 2),
    }
    for name, make in makers.items():
        if not (folder / name).exists():
            make(folder / name)
    return folder
