package io.laoke.wechat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * A file as it is uploaded: {@code multipart/form-data} with the part {@code media}.
 *
 * @param file what
 * @param name as WeChat is told, ending as its content wants
 * @param contentType what it is
 * @param size in bytes
 * @param fields the other parts
 */
record FormFile(
    MediaFile file, String name, String contentType, long size, Map<String, String> fields) {
  InputStream open() throws IOException {
    return file.open();
  }
}
