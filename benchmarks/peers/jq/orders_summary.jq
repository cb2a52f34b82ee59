[.items[] | select(.qty > 0)] as $bought
| {
    orderId: .id,
    customer: .customer.name,
    city: .customer.address.city,
    total: ([$bought[] | .qty * .price] | add // 0),
    count: (.items | length),
    skus: [$bought[].sku]
  }
