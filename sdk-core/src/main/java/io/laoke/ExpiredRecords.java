package io.laoke;

/**
 * What was removed since it was older than it is to be kept.
 *
 * @param callbacks facts from outside
 * @param bodies messages whose words were taken away
 * @param decisions decisions, with their messages
 * @param reports reports of platforms
 * @param audit entries of the history of bindings
 * @param complete whether nothing old is left
 */
public record ExpiredRecords(
    int callbacks, int bodies, int decisions, int reports, int audit, boolean complete) {}
