package io.laoke.simulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Faults of the SMS gateways, ordered by a test. Sends, receipts and questions each take the first
 * ordered fault that is not used up; orders are consumed one by one. Safe for use by many threads.
 */
public final class SmsFaults {
  /** What happens to a send. */
  enum SendAct {
    REFUSE,
    STATUS,
    ACCEPT_THEN_HANG,
    ACCEPT_THEN_RESET,
    HANG,
    RECEIPT_FIRST
  }

  /** What happens to a receipt. */
  enum ReceiptAct {
    LOSE,
    TWICE,
    HOLD,
    FAIL,
    FORGET
  }

  record SendFault(SendAct act, String code, Duration hang) {}

  /** What happens to a question what became of a message. */
  enum QuestionAct {
    REFUSE,
    STATUS,
    HANG
  }

  record QuestionFault(QuestionAct act, String code, Duration hang) {}

  record ReceiptFault(ReceiptAct act, String code) {}

  private final Deque<SendFault> sends = new ArrayDeque<>();
  private final Deque<ReceiptFault> receipts = new ArrayDeque<>();

  private final Deque<QuestionFault> questions = new ArrayDeque<>();

  SmsFaults() {}

  /** The next sends are refused with this code of the provider; nobody gets anything. */
  public SmsFaults refuse(int times, String code) {
    return send(times, new SendFault(SendAct.REFUSE, code, Duration.ZERO));
  }

  /** The next sends are answered by a proxy's page of this HTTP status; nobody gets anything. */
  public SmsFaults answerStatus(int times, int status) {
    return send(times, new SendFault(SendAct.STATUS, Integer.toString(status), Duration.ZERO));
  }

  /** The next sends are taken, and then not answered for so long. */
  public SmsFaults acceptThenHang(int times, Duration howLong) {
    return send(times, new SendFault(SendAct.ACCEPT_THEN_HANG, "", howLong));
  }

  /** The next sends are taken, and then the connection is reset. */
  public SmsFaults acceptThenReset(int times) {
    return send(times, new SendFault(SendAct.ACCEPT_THEN_RESET, "", Duration.ZERO));
  }

  /** The next sends are not taken, and not answered for so long. */
  public SmsFaults hang(int times, Duration howLong) {
    return send(times, new SendFault(SendAct.HANG, "", howLong));
  }

  /** The receipts of the next sends reach the host before the sends' own answers. */
  public SmsFaults receiptFirst(int times) {
    return send(times, new SendFault(SendAct.RECEIPT_FIRST, "", Duration.ZERO));
  }

  /** The next receipts are never pushed. */
  public SmsFaults loseReceipts(int times) {
    return receipt(times, new ReceiptFault(ReceiptAct.LOSE, ""));
  }

  /** Of the next messages no receipt is pushed, and no question finds them. */
  public SmsFaults forget(int times) {
    return receipt(times, new ReceiptFault(ReceiptAct.FORGET, ""));
  }

  /** The next questions what became of a message are refused with this code of the provider. */
  public SmsFaults refuseQuestions(int times, String code) {
    return question(times, new QuestionFault(QuestionAct.REFUSE, code, Duration.ZERO));
  }

  /** The next questions are answered by a proxy's page of this HTTP status. */
  public SmsFaults answerQuestions(int times, int status) {
    return question(
        times, new QuestionFault(QuestionAct.STATUS, Integer.toString(status), Duration.ZERO));
  }

  /** The next questions are not answered for so long. */
  public SmsFaults hangQuestions(int times, Duration howLong) {
    return question(times, new QuestionFault(QuestionAct.HANG, "", howLong));
  }

  /** The next receipts are pushed twice. */
  public SmsFaults receiptsTwice(int times) {
    return receipt(times, new ReceiptFault(ReceiptAct.TWICE, ""));
  }

  /** The next receipts are kept back until {@link SmsGateway#releaseReceipts}. */
  public SmsFaults holdReceipts(int times) {
    return receipt(times, new ReceiptFault(ReceiptAct.HOLD, ""));
  }

  /** The next messages are taken but do not arrive; the receipts say this code of the carrier. */
  public SmsFaults failDelivery(int times, String code) {
    return receipt(times, new ReceiptFault(ReceiptAct.FAIL, code));
  }

  private synchronized SmsFaults send(int times, SendFault fault) {
    for (int i = 0; i < times; i++) {
      sends.add(fault);
    }
    return this;
  }

  private synchronized SmsFaults receipt(int times, ReceiptFault fault) {
    for (int i = 0; i < times; i++) {
      receipts.add(fault);
    }
    return this;
  }

  private synchronized SmsFaults question(int times, QuestionFault fault) {
    for (int i = 0; i < times; i++) {
      questions.add(fault);
    }
    return this;
  }

  synchronized @Nullable QuestionFault nextQuestion() {
    return questions.poll();
  }

  synchronized @Nullable SendFault nextSend() {
    return sends.poll();
  }

  synchronized @Nullable ReceiptFault nextReceipt() {
    return receipts.poll();
  }
}
