/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that GICv2 and GICv3 share: cmocka test functions. */
#ifndef TESTS_UNIT_VGIC_CASES_H
#define TESTS_UNIT_VGIC_CASES_H

void case_reset_state(void **state);
void case_level_ppi(void **state);
void case_edge_spi(void **state);
void case_overflow_keeps_order(void **state);
void case_nested_more_than_lrs(void **state);
void case_disable_takes_back(void **state);
void case_disable_takes_back_from_other_cpu(void **state);
void case_unpend_and_deactivate(void **state);
void case_virq_resamples(void **state);
void case_virq_line_drops(void **state);
void case_route_moves_pending(void **state);
void case_sgi_all_pairs(void **state);
void case_sgi_wakes_when_enabled(void **state);
void case_group_enables(void **state);
void case_cpu_off_and_on(void **state);
void case_cpu_off_race(void **state);
void case_suspend(void **state);
void case_domain_off(void **state);
void case_stray(void **state);
void case_config(void **state);
void case_physical_state(void **state);
void case_restart(void **state);
void case_deaf_cpu(void **state);
void case_isolation_sweep(void **state);
void case_random(void **state);

#endif
