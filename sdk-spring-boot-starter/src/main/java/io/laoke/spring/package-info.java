/** Laoke in a Spring Boot application: it is enough to have the starter on the class path. */
@NullMarked
package io.laoke.spring;

import org.jspecify.annotations.NullMarked;
