package io.laoke.segment;

/**
 * What people call something.
 *
 * @param zh in Chinese
 * @param en in English
 */
public record Labels(String zh, String en) {}
