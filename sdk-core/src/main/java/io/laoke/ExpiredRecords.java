package io.laoke;

/**
 * What was removed since it was older than it is to be kept.
 *
 * @param callbacks facts from outside
 * @param bodies messages whose words were taken away
 * @param decisions decisions, with their messages
 * @param reports reports of platforms
 * @param audit entries of the history of bindings
 * @param refusals facts that imports of history refused
 * @param tries counters of wrong claims
 * @param complete whether nothing old is left
 */
public record ExpiredRecords(
    int callbacks,
    int bodies,
    int decisions,
    int reports,
    int audit,
    int refusals,
    int tries,
    boolean complete) {}
