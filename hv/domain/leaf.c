// SPDX-License-Identifier: Apache-2.0
/* Where something of a domain's is mapped on demand. */
#include "domain/map.h"

uint64_t *domain_leaf(const struct domain *d, ipa_t ipa, uint64_t *size)
{
	struct stage2_pool pool;
	struct stage2 map = domain_map(d, &pool);

	return stage2_leaf(&map, ipa, size);
}
