{
  total: (.features | length),
  networks: (reduce .features[].properties as $event ({};
    .[$event.net] |= {count: ((.count // 0) + 1), maxMag: ([.maxMag // 0, $event.mag // 0] | max)}))
}
