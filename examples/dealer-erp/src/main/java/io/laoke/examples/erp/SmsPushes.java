package io.laoke.examples.erp;

import io.laoke.Laoke;
import io.laoke.sms.SmsAnswer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes what the provider of text messages pushes: receipts 状态报告 and answers 上行短信. */
@RestController
class SmsPushes {
  private final Laoke laoke;
  private final String secret;

  SmsPushes(Laoke laoke, @Value("${erp.sms.push-path:}") String secret) {
    this.laoke = laoke;
    this.secret = secret;
  }

  @PostMapping("/sms/{path}/receipts")
  ResponseEntity<String> receipts(@PathVariable String path, @RequestBody byte[] pushed) {
    return mine(path)
        ? answered(laoke.smsPushes().receipts(ServiceDesk.SMS_ACCOUNT, pushed)) // Laoke
        : ResponseEntity.notFound().build();
  }

  @PostMapping("/sms/{path}/replies")
  ResponseEntity<String> replies(@PathVariable String path, @RequestBody byte[] pushed) {
    return mine(path)
        ? answered(laoke.smsPushes().replies(ServiceDesk.SMS_ACCOUNT, pushed)) // Laoke
        : ResponseEntity.notFound().build();
  }

  private boolean mine(String path) {
    return !secret.isEmpty() && secret.equals(path);
  }

  private static ResponseEntity<String> answered(SmsAnswer answer) {
    return ResponseEntity.status(answer.status())
        .contentType(MediaType.APPLICATION_JSON)
        .body(answer.body());
  }
}
