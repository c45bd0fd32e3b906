/** Photos of an incident as the desk lists them: pure. */
import type { AttachmentCard } from '../../../contract/types';

/** Those of one incident, newest arrival first. */
export function photosOf(all: Iterable<AttachmentCard>, incident_uid: string): AttachmentCard[] {
  return [...all].filter((photo) => photo.incident === incident_uid).sort((a, b) => b.received_at.localeCompare(a.received_at));
}

/** The neighbour of one in the list, staying at its ends. */
export function beside(photos: readonly AttachmentCard[], uid: string, by: -1 | 1): string {
  const at = photos.findIndex((photo) => photo.uid === uid);
  return (photos[Math.min(photos.length - 1, Math.max(0, at + by))] ?? photos[0])?.uid ?? uid;
}
