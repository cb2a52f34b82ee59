.properties as $event
| .geometry.coordinates as $place
| (if $event.mag == null then "unknown"
   elif $event.mag >= 5 then "high"
   elif $event.mag >= 3 then "medium"
   else "low" end) as $level
| {
    id,
    title: ($event.title | ascii_upcase),
    level: $level,
    lat: $place[1],
    lon: $place[0],
    depthKm: ($place[2] * 10 | round / 10),
    felt: ($event.felt // 0),
    label: ($level + ":" + $event.net + $event.code)
  }
