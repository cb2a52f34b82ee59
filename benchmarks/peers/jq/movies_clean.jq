(."Production Budget" // 0 | tonumber) as $budget
| (."Worldwide Gross" // 0 | tonumber) as $gross
| (if $budget > 0 then $gross / $budget * 1000 | round / 1000 else null end) as $roi
| {
    title: (.Title // "untitled" | tostring),
    distributor: (.Distributor // "unknown"),
    ratings: {imdb: ."IMDB Rating", votes: (."IMDB Votes" // 0)},
    roi: $roi,
    hit: (($roi // 0) >= 3)
  }
