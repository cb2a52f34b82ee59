{orderId: .id, customerId: .customer.id, shipTo: .customer.address, items}
